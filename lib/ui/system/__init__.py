"""The System page: health of the sync and the store, doubted answers, staff accounts."""
