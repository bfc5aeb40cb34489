"""The `loadwright` command; `--version` is answered before anything heavy is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version

        print(f"loadwright {version('loadwright')}")
        return
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them costs every start
    gc.set_threshold(200_000, 20, 100)  # many objects that stay, few cycles
    atexit.register(gc.freeze)  # the end does not look through them once more
    from loadwright.compiler.cli.app import app

    app()


if __name__ == "__main__":
    main()
