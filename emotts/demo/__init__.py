"""The app of `emotts demo`: layout only, one file a tab; every action is one library call."""
