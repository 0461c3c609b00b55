"""The words: closed classes of English, generated forms, and the vocabulary of one catalog."""
