"""Landing: where files lie to be taken in and where they are kept afterwards, in a folder or in a bucket of S3."""
