"""What is shipped is what is there."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SHIPPED = ("grammar", "schemas", "compiler", "backends")
DATA_SUFFIXES = {".lark", ".json", ".j2", ".xml", ".txt", ".js", ".groovy", ".typed"}


def package_folders() -> set[Path]:
    return {init.parent for top in SHIPPED for init in (ROOT / top).rglob("__init__.py")}


def test_the_packages_list_names_every_folder_that_is_a_package() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {"loadwright." + ".".join(folder.relative_to(ROOT).parts) for folder in package_folders()}
    assert listed == found


def test_every_folder_with_python_files_is_a_package() -> None:
    with_code = {file.parent for top in SHIPPED for file in (ROOT / top).rglob("*.py")}
    assert with_code == package_folders()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from a copy of the sources, with the build tools of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in names.stdout.splitlines():
        source = ROOT / name
        if name.split("/")[0] in (*SHIPPED, "pyproject.toml", "README.md", "LICENSE") and source.is_file():
            (folder / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "src" / name).write_bytes(source.read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(folder / "src")]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_module_and_data_file(wheel: set[str]) -> None:
    wanted = {
        "loadwright/" + file.relative_to(ROOT).as_posix()
        for top in SHIPPED
        for file in (ROOT / top).rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and (file.suffix in DATA_SUFFIXES | {".py"} or file.name == "py.typed")
    }
    assert wanted <= wheel, sorted(wanted - wheel)


def test_the_wheel_holds_nothing_outside_the_package(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"loadwright", f"loadwright-{PROJECT['project']['version']}.dist-info"}


def test_the_command_tells_the_version_of_the_project() -> None:
    command = [sys.executable, "-m", "loadwright.compiler.cli.main", "--version"]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"--version took {(time.monotonic() - started) * 1000:.0f} ms")
    assert done.stdout == f"loadwright {PROJECT['project']['version']}\n"


def test_telling_the_version_imports_nothing_heavy() -> None:
    script = "import sys; sys.argv[1:] = ['--version']; from loadwright.compiler.cli.main import main; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"typer", "rich", "pydantic", "lark", "lxml", "jinja2", "locust", "gevent"}
    assert not heavy & set(done.stdout.split())


def test_an_import_loads_only_what_it_uses(tmp_path: Path) -> None:
    recording = Path(__file__).parent.parent / "examples" / "shop" / "recordings" / "checkout-1.har"
    arguments = ["import", str(recording), "-o", str(tmp_path / "shop.intent")]
    script = (
        f"import atexit, sys; sys.argv[1:] = {arguments!r}; atexit.register(lambda: print('modules', *sys.modules)); "
        "from loadwright.compiler.cli.main import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"rich", "lxml", "jinja2", "yaml", "locust", "gevent", "asyncio", "loadwright.backends"}
    assert not heavy & set(done.stdout.rpartition("modules")[2].split())
