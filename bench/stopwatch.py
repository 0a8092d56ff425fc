"""Times inside the page: from a press of the mouse to the moment its document shows what was waited for."""

from playwright.sync_api import Page

_MEASURE = """
([selector, wanted]) => {
  const shown = () => [...document.querySelectorAll(selector)].some(
    (element) => (element.getAttribute("aria-label") || element.textContent).includes(wanted));
  if (shown()) throw new Error("shown before the click: " + wanted);
  window.benchAnswer = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("never shown: " + wanted)), 20000);
    addEventListener("pointerdown", () => {
      const began = performance.now();
      const seen = new MutationObserver(() => {
        if (!shown()) return;
        seen.disconnect();
        resolve(performance.now() - began);
      });
      seen.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    }, { once: true, capture: true });
  });
}
"""
_IDLE = "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
SETTLES_MS = 200
"""After an answer: the grid lays out the text of its cells a moment later, and nobody clicks faster."""


def milliseconds_to(page: Page, at: tuple[float, float], selector: str, wanted: str) -> float:
    """Click at a point; answers how long it took until an element of `selector` held `wanted`.

    What an element holds is its label for readers of the screen, where it has one, else its text.
    """
    page.bring_to_front()
    page.wait_for_function(_IDLE)
    page.wait_for_timeout(SETTLES_MS)
    page.evaluate(_MEASURE, [selector, wanted])
    page.mouse.click(*at)
    return float(page.evaluate("() => window.benchAnswer"))
