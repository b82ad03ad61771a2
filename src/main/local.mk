# The program itself.
