"""The `loadwright` command; `--version` is answered before anything heavy is imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version

        print(f"loadwright {version('loadwright')}")
        return
    from loadwright.compiler.cli.app import app

    app()


if __name__ == "__main__":
    main()
