"""The demo's past: a sandbox world that is watched for 30 days before anybody looks at it.

Nothing is invented in the store. The sandbox's clock is set back and led on day by day; each day the world changes by
its control route, the sync makes a pass, and staff do what they do by the commands of `lib.commands`.
"""
