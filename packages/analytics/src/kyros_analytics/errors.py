"""What the models raise."""


class ModelNotApplicableError(ValueError):
    """The model does not apply to these data; the text is one sentence with the remedy."""
