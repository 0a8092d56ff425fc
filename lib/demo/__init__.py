"""The demo's history: a sandbox that is simulated for 30 days before its first start.

Nothing is invented in the store. The sandbox's clock is set back and moved on day by day; each day the world changes
by its control route, the sync makes a pass, and the demo's staff use the commands of `lib.commands`.
"""
