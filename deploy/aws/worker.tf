# The worker: one machine, for the warehouse is a DuckDB file of one writer, which no volume shared by containers (ECS)
# can hold safely.

data "aws_ssm_parameter" "image" {
  name = "/aws/service/debian/release/12/latest/amd64"
}

data "aws_subnet" "worker" {
  id = var.subnet_id
}

resource "aws_instance" "worker" {
  ami                    = nonsensitive(data.aws_ssm_parameter.image.value)
  instance_type          = var.instance_type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.worker.id]
  iam_instance_profile   = aws_iam_instance_profile.worker.name
  ebs_optimized          = true

  user_data = templatefile("${path.module}/install.sh.tftpl", {
    area       = var.area
    kms_key    = aws_kms_key.vawg.arn
    landing    = local.landing
    queue      = aws_sqs_queue.landed.url
    region     = var.region
    repository = var.repository
    revision   = var.revision
    volume     = replace(aws_ebs_volume.home.id, "-", "")
  })

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted   = true
    kms_key_id  = aws_kms_key.vawg.arn
    volume_size = 20
  }

  # Neither a newer image nor another revision replaces the machine, on which the keys are: it is upgraded in its place.
  lifecycle {
    ignore_changes = [ami, user_data]
  }

  tags = { Name = "vawg" }
}

# VAWG_HOME, which outlives the machine.
resource "aws_ebs_volume" "home" {
  availability_zone = data.aws_subnet.worker.availability_zone
  size              = var.home_size
  type              = "gp3"
  encrypted         = true
  kms_key_id        = aws_kms_key.vawg.arn

  lifecycle {
    prevent_destroy = true
  }

  tags = { Name = "vawg-home" }
}

resource "aws_volume_attachment" "home" {
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.home.id
  instance_id                    = aws_instance.worker.id
  stop_instance_before_detaching = true
}

# Nothing comes in: a shell is opened through AWS Systems Manager.
resource "aws_security_group" "worker" {
  name        = "vawg-worker"
  description = "The VAWG worker: out only"
  vpc_id      = data.aws_subnet.worker.vpc_id

  egress {
    description = "AWS, the repository and the packages registry by HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description = "Debian's packages"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description = "Mail by STARTTLS, for VAWG_NOTIFY=email"
    from_port   = 587
    to_port     = 587
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_iam_role" "worker" {
  name               = "vawg-worker"
  assume_role_policy = data.aws_iam_policy_document.machine.json
}

data "aws_iam_policy_document" "machine" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_instance_profile" "worker" {
  name = "vawg-worker"
  role = aws_iam_role.worker.name
}

resource "aws_iam_role_policy_attachment" "shell" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy" "worker" {
  name   = "vawg-worker"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.worker.json
}

# What docs/landing.md says that it needs, and the queue.
data "aws_iam_policy_document" "worker" {
  statement {
    actions   = ["s3:ListBucket", "s3:ListBucketVersions"]
    resources = [aws_s3_bucket.vawg.arn]
  }

  statement {
    actions   = ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["${aws_s3_bucket.vawg.arn}/*"]
  }

  statement {
    actions = ["s3:PutObject"]
    resources = [
      "${aws_s3_bucket.vawg.arn}/${local.kept}archive/*",
      "${aws_s3_bucket.vawg.arn}/${local.kept}quarantine/*",
    ]
  }

  statement {
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = [aws_kms_key.vawg.arn]
  }

  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.landed.arn]
  }
}
