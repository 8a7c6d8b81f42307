"""A folder as an entity set: its files and folders, their sizes, times and contents."""

from demotic.store.files._folder import FolderFiles, folder_store

__all__ = ["FolderFiles", "folder_store"]
