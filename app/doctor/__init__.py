"""What can be checked before the first take: `teachloop doctor`.

- `machine`: the kernel, its processors, the disk, USB.
- `devices`: the network to the robot, and each device for a moment.
- `learning`: the GPU, and the bases.
"""
