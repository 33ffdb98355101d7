"""teachloop: record, label, fine-tune and roll out on a Franka, in one sitting."""

from .runtime.torchvision_import import mend_torchvision

__version__ = "0.1.0"

mend_torchvision()
