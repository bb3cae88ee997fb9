"""Where a stranger's file is opened: a process that sees no file, calls nobody, starts nothing (research/security.md §9).

bubblewrap gives it a system without anybody's files or network, seccomp leaves it the calls that decoding needs. Where one of them is
not there, the others and the limits of memory and time stay (a job object on Windows); `etat` says what acts, and the diagnostic page shows it.
"""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

from guichet.ressources import RACINE

MEMOIRE = 1_500_000_000
_SANS_DROIT = "65534"
_PERMIS = (
    "read", "write", "close", "fstat", "newfstatat", "lseek", "mmap", "munmap", "mprotect", "mremap", "brk", "madvise", "futex", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "exit", "exit_group", "clock_gettime", "clock_nanosleep", "gettimeofday", "getrandom",
    "sched_yield", "sched_getaffinity", "getpid", "gettid", "tgkill", "getrusage", "restart_syscall", "set_robust_list", "setitimer",
    "rseq",
)  # fmt: skip
_DECODEURS = "import guichet.documents.lecteur, PIL.Image, pikepdf, pillow_heif, pypdfium2, cv2, tesserocr, zxingcpp"
_EPERM, _ENOSYS, _FIL = 1, 38, 0x00010000
_BIBLIOTHEQUES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}
"""pyseccomp asks ldconfig where they are, which is not there to answer."""


def commande(module: str) -> list[str]:
    """Return the command that runs one of our modules, in a system of its own where that works."""
    python = [sys.executable, "-m", module]
    return [*_enceinte(), *python] if _enceinte_possible() else python


def demarrer(module: str) -> tuple["subprocess.Popen[bytes]", object]:
    """Start one of our modules in its own process; what comes with it (on Windows, the job that holds it) is to be kept as long as it."""
    processus = _lanceur(os.getpid()).submit(_lancer, commande(module)).result()
    return processus, _enfermer(processus)


def tuer(processus: "subprocess.Popen[bytes]") -> None:
    """End one of our processes and all of its group: bubblewrap, killed while it starts, would leave its child behind, and our pipes open."""
    if sys.platform == "win32":
        processus.kill()
    elif processus.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(processus.pid, signal.SIGKILL)
    processus.wait()


def etat() -> str:
    """Say, for the diagnostic page, what holds a stranger's file."""
    gardes = ["processus jetable", "mémoire et temps limités"]
    if _enceinte_possible():
        gardes.append("sans fichiers ni réseau (bubblewrap)")
    if _appels_filtrables():
        gardes.append("appels système filtrés (seccomp)")
    return ", ".join(gardes)


def filtrer_les_appels() -> None:
    """Keep, for this process and for good, the calls that decoding needs; what it imports must be imported before."""
    if not _appels_filtrables():
        return
    import pyseccomp

    filtre = pyseccomp.SyscallFilter(pyseccomp.ERRNO(_EPERM))
    for appel in _PERMIS:
        filtre.add_rule(pyseccomp.ALLOW, appel)
    # A decoder's own threads, and no process; clone3 hides its flags from filters, and the C library then falls back on clone.
    filtre.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _FIL, _FIL))
    filtre.add_rule(pyseccomp.ERRNO(_ENOSYS), "clone3")
    filtre.load()


@cache
def _lanceur(_pid: int) -> ThreadPoolExecutor:
    """Return the thread that starts them: Linux ends what bubblewrap holds with the thread that started it, which may be a short one's."""
    return ThreadPoolExecutor(1, "enceinte")


def _lancer(ligne: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(ligne, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


def _enfermer(processus: "subprocess.Popen[bytes]") -> object:
    """Windows: put the process in a job with a limit of memory, without children of its own (a venv's launcher has one)."""
    if sys.platform == "win32":
        import win32job

        travail = win32job.CreateJobObject(None, "")
        limites = win32job.QueryInformationJobObject(travail, win32job.JobObjectExtendedLimitInformation)
        limites["BasicLimitInformation"]["LimitFlags"] |= (
            win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | win32job.JOB_OBJECT_LIMIT_ACTIVE_PROCESS
            | win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
        )  # fmt: skip
        limites["BasicLimitInformation"]["ActiveProcessLimit"] = 2
        limites["ProcessMemoryLimit"] = MEMOIRE
        win32job.SetInformationJobObject(travail, win32job.JobObjectExtendedLimitInformation, limites)
        win32job.AssignProcessToJobObject(travail, processus._handle)  # noqa: SLF001 (the only way to its handle)
        return travail
    return None


@cache
def _appels_filtrables() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import ctypes.util

    chercher = ctypes.util.find_library
    ctypes.util.find_library = _BIBLIOTHEQUES.get  # type: ignore[assignment]
    try:
        import pyseccomp  # noqa: F401 (whether it loads is the question)
    except (ImportError, OSError, RuntimeError):
        return False
    finally:
        ctypes.util.find_library = chercher
    return True


@cache
def _enceinte_possible() -> bool:
    """Tell whether bubblewrap is there and may work: some systems forbid namespaces to users."""
    if not sys.platform.startswith("linux") or shutil.which("bwrap") is None:
        return False
    # What decodes must be found in there too: an installation spread over a home folder is not.
    essai = subprocess.run([*_enceinte(), sys.executable, "-c", _DECODEURS], capture_output=True, check=False, timeout=60)
    return essai.returncode == 0


def _enceinte() -> list[str]:
    """Nothing but the system's libraries, Python, our code and the reader's models, to be read; a folder in memory; nobody's rights."""
    ici = Path(__file__).resolve().parent.parent
    lus = dict.fromkeys(
        str(Path(p)) for p in ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", sys.base_prefix, sys.prefix, ici, RACINE / "ocr")
    )
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", _SANS_DROIT, "--gid", _SANS_DROIT,
        "--clearenv", "--setenv", "LANG", "C.UTF-8", "--setenv", "HOME", "/nonexistent", "--setenv", "PYTHONDONTWRITEBYTECODE", "1",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",  # noqa: S108 (its own, in memory)
        *(partie for chemin in lus for partie in ("--ro-bind-try", chemin, chemin)),
        "--chdir", str(ici.parent),
    ]  # fmt: skip
