"""What lib uses of Streamlit beyond its documentation is in one module, each thing with a test that tells when it has
changed."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st

from tests.architecture.test_tables import functions_of

ROOT = Path(__file__).parents[2]
INTERNALS = ROOT / "lib" / "ui" / "server" / "streamlit_internals.py"
SCRIPTS = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "lib").rglob("*.py")]
DOCUMENTED = {"column_config", "components", "errors", "testing", "typing"}
"""Streamlit's modules that one may import from."""
SERVER, SIGN_IN = "tests/contract/ui/server", "tests/contract/ui/sign_in"
BROKEN_BY = {
    "STREAM": f"{SERVER}/test_gate.py::test_a_websocket_is_opened_for_our_own_pages_alone",
    "UPLOADS": f"{SERVER}/test_bounded_uploads.py::test_a_file_is_taken_of_who_may_do_something_with_it",
    "MEDIA": "tests/contract/ui/test_defects.py::test_a_file_is_for_who_is_signed_in_and_not_a_moment_longer",
    "COMPONENTS": f"{SERVER}/test_gate.py::test_the_scripts_that_a_page_is_told_to_run_are_files_for_everybody_and_"
    "nothing_beside_them_is",
    "BEFORE_THE_WEBSOCKET": f"{SERVER}/test_gate.py::test_every_path_is_answered_for_who_may_have_it",
    "FOR_EVERYBODY": f"{SERVER}/test_gate.py::test_nothing_is_kept_but_what_is_the_same_for_all",
    "INDEX_PAGE": f"{SERVER}/test_server.py::test_the_policy_lets_streamlits_own_inline_scripts_run_and_no_other",
    "LOGS_OF_PAGES": f"{SERVER}/test_health_and_metrics.py::test_every_line_of_the_log_is_an_object_and_carries_the_"
    "request_in_which_it_arose",
    "LOGS_OF_FILES": "tests/e2e/test_by_message.py::test_a_file_that_no_page_offers_any_more_is_one_line_of_the_log",
    "OUTSIDE_A_PAGE": f"{SERVER}/test_health_and_metrics.py::test_every_line_of_the_log_is_an_object_and_carries_the_"
    "request_in_which_it_arose",
    "key_of_submit": "tests/pages/test_going_on.py::test_the_fifth_wrong_password_says_when_to_try_again_whether_there_"
    "is_an_account_or_not",
    "is_running_page": f"{SERVER}/test_health_and_metrics.py::test_every_line_of_the_log_is_an_object_and_carries_the_"
    "request_in_which_it_arose",
    "keys_of_fields": "tests/pages/test_going_on.py::test_after_an_end_by_itself_the_password_brings_back_the_page_and_"
    "what_was_typed",
    "forget_when_closed": f"{SERVER}/test_websocket_limits.py::test_strangers_who_come_and_go_take_no_place_of_a_page_"
    "that_lost_its_connection",
    "holds_file": f"{SERVER}/test_bounded_uploads.py::test_the_oldest_file_goes_for_the_newest_and_one_without_end_is_"
    "refused",
    "drop_file": f"{SERVER}/test_bounded_uploads.py::test_the_oldest_file_goes_for_the_newest_and_one_without_end_is_"
    "refused",
    "serve_components": f"{SERVER}/test_gate.py::test_the_scripts_that_a_page_is_told_to_run_are_files_for_everybody_"
    "and_nothing_beside_them_is",
    "set_cookie_secret": f"{SIGN_IN}/test_provider_routes.py::test_a_sign_in_that_began_at_one_server_ends_at_another_"
    "with_the_same_cookie_key",
    "set_up_loggers": "tests/contract/logs/test_what_others_print.py::test_what_breaks_in_a_page_is_logged_and_not_"
    "printed_though_rich_is_there",
    "is_of_replaced_file": "tests/e2e/test_by_message.py::test_a_file_that_no_page_offers_any_more_is_one_line_of_the_"
    "log",
    "BackMsg": f"{SERVER}/test_websocket_messages.py::test_whoever_is_signed_in_runs_a_part_of_the_page_alone",
    "ClientState": f"{SERVER}/test_websocket_limits.py::test_a_page_of_thousands_of_fields_or_of_an_endless_address_is_"
    "taken_for_an_empty_one",
    "ColumnConfig": "tests/architecture/test_streamlit_internals.py::test_the_types_are_what_streamlit_makes",
    "ComponentRenderer": "tests/architecture/test_streamlit_internals.py::test_the_types_are_what_streamlit_makes",
    "DeltaGenerator": "tests/architecture/test_streamlit_internals.py::test_the_types_are_what_streamlit_makes",
    "StreamlitPage": "tests/architecture/test_streamlit_internals.py::test_the_types_are_what_streamlit_makes",
}


def names_of(module: ast.Module) -> Iterator[str]:
    """Its public functions and constants, and what it passes on."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (name.id for name in names if isinstance(name, ast.Name) and not name.id.startswith("_"))
            if ast.unparse(node.targets[0]) == "__all__":
                yield from ast.literal_eval(node.value)


def undocumented(script: Path) -> Iterator[str]:
    """What a script imports or reaches of Streamlit beyond its documented modules and names."""
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "streamlit":
            module = [*(node.module or "").split(".")[1:2], *(alias.name for alias in node.names)][0]
            if module not in DOCUMENTED:
                yield ast.unparse(node)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("streamlit."))
        elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith("st."):
            first = ast.unparse(node).split(".")[1]
            is_module = isinstance(getattr(st, first, None), ModuleType) and first not in DOCUMENTED
            if is_module or node.attr.startswith("_"):
                yield ast.unparse(node)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_module_knows_what_streamlit_does_not_document(script: Path) -> None:
    assert script == INTERNALS or not [*undocumented(script)]


def test_each_thing_has_a_test_that_tells_when_streamlit_has_changed_it() -> None:
    assert {*names_of(ast.parse(INTERNALS.read_text()))} == {*BROKEN_BY}
    missing = [
        test for test in BROKEN_BY.values() if test.partition("::")[2] not in functions_of(test.partition("::")[0])
    ]
    assert missing == []


def test_the_types_are_what_streamlit_makes() -> None:
    from lib.ui.server import streamlit_internals

    assert isinstance(st.container(), streamlit_internals.DeltaGenerator)
    assert isinstance(st.Page(ROOT / "pages" / "users.py"), streamlit_internals.StreamlitPage)
    assert st.column_config.TextColumn("a").keys() <= streamlit_internals.ColumnConfig.__annotations__.keys()
    assert callable(streamlit_internals.ComponentRenderer)


def test_the_pin_points_to_them() -> None:
    [pin] = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("streamlit==")]
    assert str(INTERNALS.relative_to(ROOT)) in pin
