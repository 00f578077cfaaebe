"""S3 as boto3 speaks it, and what it refuses in words that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from flows.landing.place import StillWritten, shown

#: How often a request is sent before it is given up; between them ever longer is waited.
ATTEMPTS = 5

ABSENT = {"NoSuchKey", "NoSuchVersion", "NotFound", "404"}
CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
BUSY = {"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestTimeout", "InternalError"}

#: The rights that an operation needs, by its name in boto3.
RIGHTS = {
    "ListObjectVersions": "s3:ListBucketVersions on the bucket",
    "GetObject": "s3:GetObject, s3:GetObjectVersion, s3:ListBucket and, where the bucket has a KMS key, kms:Decrypt",
    "HeadObject": "s3:GetObject and s3:ListBucket",
    "PutObject": "s3:PutObject and, where there is a KMS key, kms:GenerateDataKey",
    "DeleteObject": "s3:DeleteObject and s3:DeleteObjectVersion",
}

#: What else S3 refuses for -> what to do.
REFUSALS = {
    "NoSuchBucket": "There is no such bucket. Make it, or mend VAWG_LANDING.",
    "InvalidAccessKeyId": "The access key is not known there. Look at AWS_ACCESS_KEY_ID or AWS_PROFILE.",
    "SignatureDoesNotMatch": "The secret key is not that of the access key. Look at AWS_SECRET_ACCESS_KEY.",
    "ExpiredToken": "The AWS credentials are past their time. Log in again, or renew AWS_SESSION_TOKEN.",
    "InvalidToken": "The AWS session token is not valid. Log in again, or renew AWS_SESSION_TOKEN.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong. Set it.",
    "PermanentRedirect": "The bucket lies in another region. Set AWS_DEFAULT_REGION to its region.",
    "AuthorizationHeaderMalformed": "The bucket lies in another region. Set AWS_DEFAULT_REGION to its region.",
    "IllegalLocationConstraintException": "The bucket lies in another region. Set AWS_DEFAULT_REGION to its region.",
    "InvalidObjectState": "The object was moved to a store from which it must be restored first. Restore it.",
}


class BucketShut(Exception):
    """S3 refuses, and will until somebody mends something."""


@cache
def s3() -> Any:
    """Return the client of S3, with the credentials, region and endpoint that AWS's own settings name.

    Raises:
        BucketShut: if those settings cannot be used.
    """
    import boto3
    from botocore.config import Config

    with in_words("S3"):
        try:
            return boto3.Session().client(
                "s3",
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": ATTEMPTS}, connect_timeout=10, read_timeout=60
                ),
            )
        except ValueError as wrong:
            raise BucketShut(f"The settings of AWS cannot be used: {wrong}. Look at AWS_ENDPOINT_URL.") from None


@contextmanager
def in_words(address: str) -> Iterator[None]:
    """Turn what boto3 raises into what the rest of the program knows.

    Args:
        address: what it is about.

    Raises:
        FileNotFoundError: if there is no such object.
        StillWritten: if another has taken its place.
        ConnectionError: if S3 cannot be reached or is overloaded, or a download broke off.
        BucketShut: if S3 refuses.
    """
    from botocore import exceptions as aws

    address = shown(address)
    try:
        yield
    except aws.ClientError as error:
        raise _refused(error, address) from None
    except (aws.ConnectionError, aws.HTTPClientError, aws.IncompleteReadError, aws.FlexibleChecksumError) as error:
        raise ConnectionError(
            f"{address} could not be reached, or came broken ({type(error).__name__}). Look at the network and "
            "AWS_ENDPOINT_URL; the next run tries again"
        ) from None
    except aws.NoCredentialsError:
        raise BucketShut(
            f"There are no AWS credentials for {address}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "AWS_PROFILE, or give this machine a role."
        ) from None
    except aws.BotoCoreError as error:
        said = " ".join(str(error).split()).removesuffix(".")
        raise BucketShut(f"{address} cannot be used: {said}. Look at the AWS settings of this machine.") from None


def _refused(error: Any, address: str) -> Exception:
    """Return what an answer of S3 means.

    Args:
        error: a `ClientError`.
        address: what it is about.
    """
    code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in ABSENT:
        return FileNotFoundError(f"There is no object {address} any more")
    if code in CHANGED:
        return StillWritten(f"{address} was replaced since it was seen; the next run takes it.")
    if code in BUSY or status >= 500:
        return ConnectionError(f"{address}: S3 is overloaded, and answered {code} {ATTEMPTS} times. Try again later")
    if code in REFUSALS:
        return BucketShut(f"{address} cannot be used. {REFUSALS[code]}")
    if status == 403:
        rights = RIGHTS.get(error.operation_name, error.operation_name)
        return BucketShut(f"{address} may not be used so ({code}). Give this program the right to it: {rights}.")
    return BucketShut(f"{address} cannot be used: S3 answered {code}. Look at VAWG_LANDING and the AWS settings.")
