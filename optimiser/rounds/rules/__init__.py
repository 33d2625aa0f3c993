"""The rules a plan must keep: one file per subject, one ``check_`` function and one code per rule."""
