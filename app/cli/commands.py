"""Every command of the command line, by name."""

from .archive import Archive
from .check import Check
from .check_cameras import CheckCameras
from .command import Command
from .demo import Demo
from .doctor import Doctor
from .empty_bin import EmptyBin
from .evaluate import Evaluate
from .export_masks import ExportMasks
from .export_takes import ExportTakes
from .finetune import Finetune
from .import_adapter import ImportAdapter
from .import_pictures import ImportPictures
from .import_takes import ImportTakes
from .keys import Keys
from .mend_labels import MendLabels
from .merge_adapter import MergeAdapter
from .pretrain import Pretrain
from .pull import Pull
from .push import Push
from .recover import Recover
from .report import Report
from .serve import Serve
from .serve_policy import ServePolicy
from .simulate_robot import SimulateRobot
from .station import Station
from .test import RunTests
from .version import Version

COMMANDS: dict[str, type[Command]] = {
    "serve": Serve,
    "serve-policy": ServePolicy,
    "station": Station,
    "keys": Keys,
    "simulate-robot": SimulateRobot,
    "demo": Demo,
    "doctor": Doctor,
    "report": Report,
    "test": RunTests,
    "check": Check,
    "check-cameras": CheckCameras,
    "recover": Recover,
    "mend-labels": MendLabels,
    "archive": Archive,
    "empty-bin": EmptyBin,
    "export-masks": ExportMasks,
    "export-takes": ExportTakes,
    "import-pictures": ImportPictures,
    "import-takes": ImportTakes,
    "push": Push,
    "pull": Pull,
    "pretrain": Pretrain,
    "finetune": Finetune,
    "evaluate": Evaluate,
    "import-adapter": ImportAdapter,
    "merge-adapter": MergeAdapter,
    "version": Version,
}
