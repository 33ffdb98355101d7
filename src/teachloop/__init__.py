"""teachloop: record, label, fine-tune and roll out on a Franka, in one sitting."""

__version__ = "0.1.0"
