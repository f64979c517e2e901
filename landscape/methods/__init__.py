"""Methods of minimisation, written against `landscape.relaxation.Relaxation`: one file each."""
