"""What runs inside the emulator's process, in an environment of its own (`rehearsal/requirements.txt`)."""
