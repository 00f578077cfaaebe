# Where files land: a bucket, and a queue that is told of each.

data "aws_caller_identity" "current" {}

locals {
  landing = "s3://${aws_s3_bucket.vawg.id}/${var.landing_prefix}"
  kept    = trimsuffix(var.landing_prefix, "landing/") # archive/ and quarantine/ lie beside landing/
}

resource "aws_kms_key" "vawg" {
  description         = "VAWG: the bucket, its queues and the worker's volume"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "TheAccountGivesRightsByItsPolicies"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "S3WritesToTheEncryptedQueue"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_s3_bucket" "vawg" {
  bucket = var.bucket

  lifecycle {
    prevent_destroy = true
  }
}

# What the worker removes it removes for good, every version of it: `vawg retention` says when, and no lifecycle rule.
resource "aws_s3_bucket_versioning" "vawg" {
  bucket = aws_s3_bucket.vawg.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "vawg" {
  bucket = aws_s3_bucket.vawg.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.vawg.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "vawg" {
  bucket                  = aws_s3_bucket.vawg.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "vawg" {
  bucket = aws_s3_bucket.vawg.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "vawg" {
  bucket = aws_s3_bucket.vawg.id
  policy = data.aws_iam_policy_document.bucket.json
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "NothingUnencryptedOnTheWay"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.vawg.arn, "${aws_s3_bucket.vawg.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue" "landed" {
  name                       = "vawg-landed"
  kms_master_key_id          = aws_kms_key.vawg.arn
  message_retention_seconds  = 14 * 24 * 60 * 60
  receive_wait_time_seconds  = 20
  visibility_timeout_seconds = 60

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "vawg-landed-dead-letters"
  kms_master_key_id         = aws_kms_key.vawg.arn
  message_retention_seconds = 14 * 24 * 60 * 60
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.landed.arn]
  })
}

resource "aws_sqs_queue_policy" "landed" {
  queue_url = aws_sqs_queue.landed.id
  policy    = data.aws_iam_policy_document.queue.json
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "TheBucketTellsOfWhatLands"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.landed.arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.vawg.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_s3_bucket_notification" "landed" {
  bucket     = aws_s3_bucket.vawg.id
  depends_on = [aws_sqs_queue_policy.landed]

  queue {
    queue_arn     = aws_sqs_queue.landed.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = var.landing_prefix
  }
}
