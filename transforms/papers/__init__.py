"""Papers: a draft report read as text, its figures found in their sentences and bound to what they are figures of."""
