"""What others have computed: files of it, as landscapes and data sets."""
