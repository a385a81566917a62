"""Owns Spark itself: started quietly on this machine or a cluster, and always stopped."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MEMORY = "2g"  # of the driver, which on `local` runs the tasks too; their Python is beside it
_ERROR = re.compile(r"KgError\((\d)\): (.*?) \./KgError", re.DOTALL)


@contextmanager
def session(master: str, folder: Path) -> Iterator[SparkSession]:
    """A Spark of our own; scratch files of a local one lie under `folder`.

    Raises `KgError` where Spark or Java is missing, and where a task did: tasks hand their errors
    over with `told`.
    """
    _check()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("kg")
    for key, value in (_settings(folder) | (_local(folder) if _is_local(master) else {})).items():
        builder = builder.config(key, value)
    with _quiet(folder / "spark.log"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions of libraries that are Spark's own affair
        try:
            spark = builder.getOrCreate()
        except (PySparkException, OSError, RuntimeError) as error:
            raise KgError(f"Spark did not start on {master}: {_first_line(error)}") from error
    try:
        yield spark
    except Exception as error:
        raise _mended(error) from error
    finally:
        spark.stop()


def told(error: KgError) -> RuntimeError:
    """The error of a task in a form that survives the way through Java."""
    return RuntimeError(f"KgError({error.code}): {error} ./KgError")


def _mended(error: Exception) -> Exception:
    found = _ERROR.search(str(error))
    return KgError(found[2], code=int(found[1])) if found else error


def _check() -> None:
    try:
        import pyarrow  # noqa: F401 - said here, not by the first task
        import pyspark  # noqa: F401
    except ImportError as error:
        raise KgError(
            f"{error.name} is not installed. For --engine spark: pip install 'kg[spark]'"
        ) from None
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    if not shutil.which(java):
        raise KgError(
            "Spark needs Java 17 or newer, and there is none. Install it, or set JAVA_HOME."
        )


def _is_local(master: str) -> bool:
    return master.startswith("local")


def _settings(folder: Path) -> dict[str, str]:
    """What holds on any cluster; all else is left to its own configuration."""
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.OMP_NUM_THREADS": "1",  # matrix products are small, see kg.extract.workers
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
        "spark.sql.parquet.compression.codec": "zstd",
    }


def _local(folder: Path) -> dict[str, str]:
    """On one machine nothing listens beyond it, and nothing is left behind."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    log = folder / "log4j2.properties"
    log.write_text("rootLogger.level = error\nrootLogger.appenderRef.stderr.ref = console\n"
                   "appender.console.type = Console\nappender.console.name = console\n"
                   "appender.console.target = SYSTEM_ERR\n")  # fmt: skip
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": _MEMORY,
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder),
        "spark.sql.shuffle.partitions": "4",
    }


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Standard error to a file while Java starts, which inherits it."""
    ours = os.dup(2)
    with log.open("wb") as stream:
        sys.stderr.flush()
        os.dup2(stream.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(ours, 2)
            os.close(ours)


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]


@contextmanager
def scratch(outputs: Path) -> Iterator[Path]:
    """A folder beside the outputs, which all machines of a cluster see; gone at the end."""
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".spark.", dir=outputs)).absolute()
    except OSError as error:
        raise KgError(f"{outputs}: cannot be written: {error.strerror or error}.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
