"""AppTest with what a server does once for all its sessions done once too."""

from __future__ import annotations

import functools

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner


@functools.cache
def as_served() -> None:
    """From here on all apps of this process share what is compiled, and the installed packages are looked through for
    components once: AppTest would do the former for each run and the latter for each app."""
    compiled = ScriptCache()
    for module in (app_test, local_script_runner):
        module.ScriptCache = lambda: compiled  # type: ignore[assignment,misc]
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
