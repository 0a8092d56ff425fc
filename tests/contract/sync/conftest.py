"""Stores on either database, as the store's own tests have them."""

from tests.contract.store.conftest import file as file
from tests.contract.store.conftest import server as server
from tests.contract.store.conftest import store as store
from tests.contract.store.conftest import url as url
