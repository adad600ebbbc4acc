package moment
