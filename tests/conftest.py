"""What holds for all tests."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.trust_tables", "tests.side_by_side"]

# A busy machine must not turn a test red, so no example has a deadline; the whole test has pytest's time-out. The
# examples are the same in every run: a failure on one machine is one on all.
settings.register_profile(
    "desk", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")
