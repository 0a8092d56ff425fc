"""Mutation testing: small faults are put into a copy of the code, one at a time, and the tests are to notice each."""
