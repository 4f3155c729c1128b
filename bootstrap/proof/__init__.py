"""Success is proved: after an installation the tests are collected, and what stands in the way is diagnosed."""
