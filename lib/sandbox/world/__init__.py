"""The world nobody wrote down: companies, their people and their calendars, made from a seed and the absolute day.

Nothing here depends on the day of looking or on what was asked before, so the same seed gives the same ids, meetings
and outcomes whenever and however often it is started, and only what is asked for is ever made.
"""
