"""The Web API methods, one module a family; importing this package registers them all."""

from segbot.demo.workspace.methods import apps, chat, conversations, files, stream, users, views

__all__ = ["apps", "chat", "conversations", "files", "stream", "users", "views"]
