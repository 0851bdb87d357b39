"""cfn-lint on the packaged template and on the transformed one: each sees faults of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("which", ["sam", "transformed"])
def test_the_template_is_clean(which: str, request: Any, tmp_path: Path) -> None:
    template = tmp_path / "template.json"
    template.write_text(json.dumps(request.getfixturevalue(which)))
    linter = str(Path(sys.executable).with_name("cfn-lint"))
    found = subprocess.run(
        [linter, "-t", str(template), "-r", "us-east-1", "-f", "parseable"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not found.stdout
    assert found.returncode == 0
