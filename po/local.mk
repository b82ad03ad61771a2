# Translations.
