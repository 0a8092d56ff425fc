"""An imitation of Recall.ai's Calendar V1, good enough that Recall's own sample client works against it unchanged.

It plays another party: it imports nothing else of this project, and nothing of this project imports it. A request
goes through `app` to a module of `routes`; those read the `workspace`, which joins two sources: the `world` (made from
a seed and the absolute day, never stored) and the `ledger` (what was written since).
"""
