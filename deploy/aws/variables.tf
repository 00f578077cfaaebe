variable "region" {
  description = "The AWS region; personal data stay in it."
  type        = string
  default     = "eu-west-2"
}

variable "bucket" {
  description = "The name of the bucket, which nobody else in the world may have."
  type        = string
}

variable "landing_prefix" {
  description = "Where files land in the bucket."
  type        = string
  default     = "landing/"

  validation {
    condition     = can(regex("^([^/]+/)*landing/$", var.landing_prefix))
    error_message = "Write a prefix that ends in landing/, such as landing/ or vawg/landing/."
  }
}

variable "subnet_id" {
  description = "The subnet of the worker: private, with a way out to AWS, the repository and the packages' registry."
  type        = string
}

variable "instance_type" {
  description = "The kind of machine; parsing a workbook may take 4 GB of memory."
  type        = string
  default     = "t3.large"
}

variable "home_size" {
  description = "The size of the volume that holds VAWG_HOME, in GB."
  type        = number
  default     = 50
}

variable "repository" {
  description = "Where git clones the project from, as a URL that needs no password."
  type        = string
}

variable "revision" {
  description = "The commit or tag that is installed at first; later ones are installed on the machine."
  type        = string
}

variable "area" {
  description = "The GSS code of the borough."
  type        = string
  default     = "E09000003"
}
