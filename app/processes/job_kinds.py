"""Every kind of job that there is."""

from ...jobs.kinds import JobKinds
from ...labeler.job_kinds import EXPORT_MASKS, FETCH, IMPORT, PROPAGATE
from ...training.job_kinds import ARCHIVE, COMPARE, EVALUATE, EXPORT_TAKES, FINETUNE, REMOVE

KINDS = JobKinds(
    *(FINETUNE, EVALUATE, COMPARE, PROPAGATE),
    *(EXPORT_MASKS, EXPORT_TAKES, IMPORT, FETCH, ARCHIVE, REMOVE),
)
