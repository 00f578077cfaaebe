"""What nobody is told."""

import re

#: Words of a program that mean nothing to the person who must act.
JARGON = re.compile(r"Traceback|Exception|Error\b|Errno|\bNone\b|[Pp]olars|fastexcel|calamine|[Dd]uck[Dd][Bb]|\.py\b")
