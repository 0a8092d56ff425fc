"""An imitation of Recall.ai's Calendar V1, close enough that Recall's own sample client works with it unchanged.

It stands for a third party: it imports nothing else of this project, and nothing of this project imports it. A request
passes through `middleware` to a module of `routes`; these read the `workspace`, which joins two sources: the `world`
(made from a seed and the absolute day, never stored) and the `ledger` (what was written since).
"""
