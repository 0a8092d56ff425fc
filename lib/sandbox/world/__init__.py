"""The generated world: companies, their people and their calendars, made from a seed and the absolute day.

Nothing here depends on the current day or on earlier requests, so the same seed gives the same ids, meetings and
outcomes at every start, and only what is asked for is ever made.
"""
