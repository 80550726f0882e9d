"""One walk through the whole app in a real headless Chromium, as the HR person of the sample company.

Screenshots go to the folder that SKILLMATCH_SCREENSHOTS names, else to a temporary one. Where Chromium is missing the
walk is skipped with a reason, unless SKILLMATCH_REQUIRE_BROWSER is set.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[1]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 180_000


@pytest.fixture(scope="module")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path:
        return path
    if os.environ.get("SKILLMATCH_REQUIRE_BROWSER"):
        pytest.fail("Chromium is required here (SKILLMATCH_REQUIRE_BROWSER), but none was found on the PATH")
    pytest.skip("no Chromium on this machine: install it (Debian: apt install chromium) to run the walk")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app as `skillmatch app` does, on a free port of this computer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "log.txt"
    environment = {**os.environ, "SKILLMATCH_HOME": str(tmp_path_factory.mktemp("home"))}
    with log.open("wb") as out:
        command = [sys.executable, "-m", "skillmatch.cli", "app", "--port", str(port)]
        server = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=tmp_path_factory.mktemp("cwd"))
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"the app did not answer: {log.read_text('utf-8')}")


def test_a_walk_through_the_whole_flow(chromium: str, address: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    shots = Path(os.environ.get("SKILLMATCH_SCREENSHOTS") or tmp_path)
    shots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-IE")
        page.set_default_timeout(PATIENCE_MS)

        def settle() -> None:
            page.wait_for_selector("h1")
            page.get_by_text("Nothing you enter leaves this computer").wait_for()  # the foot of a page comes last
            page.wait_for_function(
                "!document.querySelector('[data-testid=stStatusWidget], [data-stale=true], [data-testid=stSpinner]')"
            )
            page.wait_for_timeout(1000)
            assert page.locator("[data-testid=stException]").count() == 0

        def shoot(name: str) -> None:
            height = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
            page.set_viewport_size({"width": 1280, "height": int(height) + 40})
            page.wait_for_timeout(1500)
            page.screenshot(path=str(shots / f"{name}.png"))
            page.set_viewport_size({"width": 1280, "height": 720})

        page.goto(address)
        settle()
        expect(page.locator("h1")).to_contain_text("48 people in 14 roles want to change 3 things")
        shoot("1-company")

        for label, name in (
            ("2 What is missing", "2-missing"),
            ("3 Training on offer", "3-offers"),
            ("4 Your plan", "4-plan"),
        ):
            page.get_by_role("link", name=label).last.click()
            expect(page.get_by_role("link", name=label).first).to_be_visible()
            page.wait_for_timeout(500)
            settle()
            shoot(name)
        expect(page.locator("h1")).to_contain_text("of what is missing")

        with page.expect_download() as download:
            page.get_by_role("button", name="Plan for other programs (plan.json)").click()
        saved = tmp_path / "plan.json"
        download.value.save_as(saved)

        from skillmatch.planning.plan import read_plan

        plan = read_plan(saved)
        assert plan.company.startswith("Hollin")
        assert plan.totals.cost_eur_net <= 15_000

        settle()  # a download runs the page again
        page.get_by_text("Something is booked, or was cancelled?").click()
        page.wait_for_timeout(1000)
        page.get_by_label("What was cancelled?").click()
        page.get_by_role("option").first.click()
        page.keyboard.press("Escape")
        page.get_by_text("All the others are booked, too").click()
        page.get_by_role("button", name="Plan again around this").click()
        expect(page.get_by_role("heading", name="What changed")).to_be_visible()
        settle()
        expect(page.get_by_text("of what is missing (before")).not_to_contain_text(", 0 as before")
        shoot("5-changed")
        page.get_by_text("Who is away, by role and week").click()
        expect(page.get_by_text("Most are away in the week of")).to_be_visible()

        page.get_by_role("link", name="2 What is missing").last.click()
        settle()
        before = page.locator("h1").inner_text()
        page.get_by_role("button", name="This role does not need it").first.click()
        expect(page.get_by_text("Your decisions (")).to_be_visible()
        settle()
        page.reload()
        settle()
        expect(page.get_by_text("Your decisions (")).to_be_visible()
        assert page.locator("h1").inner_text()
        assert before
        browser.close()
