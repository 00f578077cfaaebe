output "landing" {
  description = "Where senders put files; they need s3:PutObject there, and kms:GenerateDataKey on the key."
  value       = local.landing
}

output "key" {
  description = "The key that encrypts the bucket, the queues and the volume."
  value       = aws_kms_key.vawg.arn
}

output "queue" {
  description = "The queue that tells the worker of what has landed."
  value       = aws_sqs_queue.landed.url
}

output "dead_letters" {
  description = "The queue of the messages that could not be read; whatever lies in it is to be looked at."
  value       = aws_sqs_queue.dead_letters.url
}

output "instance" {
  description = "The worker; `aws ssm start-session --target` opens a shell on it."
  value       = aws_instance.worker.id
}
