"""Typed Python clients, mock servers and contract tests for the HTTP APIs of mail servers."""
