"""The commands of the `custode` program, one small module each.

To add one:

1. Write a module here with two functions:

       def arguments(parser: argparse.ArgumentParser) -> None: ...
       def run(options: argparse.Namespace) -> int | None: ...

   `run` does the work and returns the exit code (None is 0). It may import models at the top of its
   module: the module is imported only after Django has started. Errors are raised as a
   `CustodeError` (`Invalid`, `Refused`, …): the program prints its sentence and exits with 2.
2. Name it in `custode.console.registry.COMMANDS`, with the sentence that `custode help` shows.
3. Describe it in `docs/commands.md`; a test compares the two.

`custode.console.commands.common` looks up the accounts and users that the operator names. The actor
of a command is `Actor.operator(account_id)`, or a user's `user.actor(Entrance.CONSOLE)` with
`--as`.
"""
