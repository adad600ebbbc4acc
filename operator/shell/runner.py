"""Calls what a py> task names, and writes what it leaves behind as JSON.

    python runner.py COMMAND INPUT OUTPUT

INPUT holds {"params": {...}}. OUTPUT gets subtask_config, export_params,
store_params and reset_store_params, or an error with class, message and
backtrace. User code reaches all of that through the module `digdag`.

Runs on Python 3.8 and newer.
"""
import collections
import difflib
import importlib
import inspect
import json
import os
import sys
import traceback
import types

EVERYTHING_ELSE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Env(types.ModuleType):
    """`digdag.env`: what a task is given, and what it hands on."""

    def __init__(self):
        super().__init__("digdag.env")
        self.params = {}
        self.subtask_config = collections.OrderedDict()
        self.export_params = {}
        self.store_params = {}
        self.reset_store_params = []
        self.state_params = {}
        self.subtasks_added = 0

    def store(self, params=(), **kwds):
        """Sets params for the tasks after this one."""
        self.store_params.update(params, **kwds)

    def export(self, params=(), **kwds):
        """Sets params for the subtasks of this task."""
        self.export_params.update(params, **kwds)

    def reset_store_param(self, key):
        """Removes a stored param, such as "a" or "a.b", before new ones are stored."""
        if not isinstance(key, str):
            raise TypeError("reset_store_param takes the name of a param but got %r" % (key,))
        self.reset_store_params.append(key)

    def set_state(self, params=(), **kwds):
        """Accepted, and without effect."""
        self.state_params.update(params, **kwds)

    def add_subtask(self, function=None, **params):
        """Adds a task after this one: a function to call, or a task's definition."""
        if function is None:
            config = params
        elif isinstance(function, dict):
            config = dict(function, **params)
        else:
            config = dict(params)
            config["py>"] = importable_name(function)
        try:
            json.dumps(config, allow_nan=False)
        except Exception as error:
            raise TypeError("Parameters must be serializable using JSON: %s" % error) from None
        self.subtask_config["+subtask%d" % self.subtasks_added] = config
        self.subtasks_added += 1

    def encode(self):
        """The JSON text of everything that the task hands on."""
        results = {
            "subtask_config": self.subtask_config,
            "export_params": self.export_params,
            "store_params": self.store_params,
            "reset_store_params": self.reset_store_params,
        }
        try:
            return json.dumps(results, allow_nan=False)
        except Exception:
            for name, params in results.items():
                explain_unserializable(name, params)
            raise


def explain_unserializable(name, params):
    for key in params:
        try:
            json.dumps({key: params[key]}, allow_nan=False)
        except Exception as error:
            raise TypeError("'%s' in %s must be serializable using JSON: %s" % (key, name, error)) from None


def importable_name(function):
    name = getattr(function, "__qualname__", None)
    module = getattr(function, "__module__", None)
    if name is None or module is None or "<" in name:
        raise TypeError("add_subtask needs a function or class that can be imported by name but got %r" % (function,))
    return "%s.%s" % (module, name)


def find(command):
    """The owner of what COMMAND names, its name there, and the thing itself."""
    parts = command.split(".")
    if len(parts) < 2 or not all(parts):
        raise ValueError("py> takes module.function or module.Class.method but got '%s'" % command)
    module, rest = import_longest(parts)
    owner, found = None, module
    for name in rest:
        owner = found
        try:
            found = getattr(owner, name)
        except AttributeError:
            raise AttributeError(missing(owner, name)) from None
    return owner, rest[-1], found


def import_longest(parts):
    """Imports as many leading parts as make a module, and gives back the rest."""
    size = len(parts) - 1
    while True:
        name = ".".join(parts[:size])
        try:
            return importlib.import_module(name), parts[size:]
        except ModuleNotFoundError as error:
            absent = error.name or ""
            if absent == parts[0] or not (name + ".").startswith(absent + "."):
                raise  # there is no such package, or the module itself misses another one
            size -= 1


def missing(owner, name):
    if inspect.ismodule(owner):
        text = "Module '%s' has no attribute '%s'" % (owner.__name__, name)
    else:
        text = "'%s' has no attribute '%s'" % (getattr(owner, "__qualname__", owner), name)
    near = difflib.get_close_matches(name, [n for n in dir(owner) if not n.startswith("_")], 1)
    return "%s (did you mean '%s'?)" % (text, near[0]) if near else text


def bind(function, params):
    """The arguments that FUNCTION takes from PARAMS, by the names of its parameters."""
    expected = parameters_of(function, follow_wrapped=False)
    if expected is None:  # written in C, perhaps a decorator of something else
        expected = parameters_of(function) or []
    elif expected and all(p.kind in EVERYTHING_ELSE for p in expected):
        # A decorator that hands everything on? Then the function behind it decides.
        behind = parameters_of(function)
        if all(p.name in params for p in behind if required(p)):
            expected = behind
    positional, keywords = [], {}
    for p in expected:
        if p.kind is p.VAR_KEYWORD:
            keywords = dict(params, **keywords)
        elif p.kind is p.VAR_POSITIONAL:
            continue
        elif p.name not in params and p.default is p.empty:
            name = getattr(function, "__qualname__", str(function))
            raise TypeError("Method '%s' requires parameter '%s' but not set" % (name, p.name))
        elif p.kind is p.POSITIONAL_ONLY:
            positional.append(params.get(p.name, p.default))
        elif p.name in params:
            keywords[p.name] = params[p.name]
    return positional, keywords


def parameters_of(function, **options):
    try:
        return list(inspect.signature(function, **options).parameters.values())
    except (TypeError, ValueError):
        return None


def required(parameter):
    return parameter.kind not in EVERYTHING_ELSE and parameter.default is parameter.empty


def call(function, params):
    positional, keywords = bind(function, params)
    return function(*positional, **keywords)


def instantiate(cls, params):
    for constructor in (cls.__init__, cls.__new__):
        if hasattr(constructor, "__code__"):  # else it is that of a class written in C
            positional, keywords = bind(types.MethodType(constructor, cls), params)
            return cls(*positional, **keywords)
    return cls()


def run(command, params):
    owner, name, found = find(command)
    if inspect.isclass(found):
        owner, name = found, "run"
        if not hasattr(owner, name):
            raise AttributeError("Class '%s' has no method 'run'" % owner.__qualname__)
        found = getattr(owner, name)
    if inspect.isclass(owner):
        kept = inspect.getattr_static(owner, name)
        if not isinstance(kept, (staticmethod, classmethod)):
            found = getattr(instantiate(owner, params), name)
    result = call(found, params)
    if inspect.iscoroutine(result):
        import asyncio

        asyncio.run(result)


def user_frames(tb):
    """TB from the first line on that is not in this file or in the import machinery."""
    ours = (user_frames.__code__.co_filename, importlib.__file__)
    while tb is not None:
        file = tb.tb_frame.f_code.co_filename
        if file not in ours and not file.startswith("<frozen importlib"):
            break
        tb = tb.tb_next
    return tb


def describe(error):
    """The error as JSON text, and as what Python would have printed."""
    lines = traceback.format_exception(type(error), error, user_frames(error.__traceback__))
    if isinstance(error, SystemExit):
        message = (
            "Failed to call python command with code:%s Possible cause: "
            "Invalid python module call, duplicate module name with standard library" % error.code
        )
    else:
        try:
            message = str(error)
        except Exception:
            message = "(the error has no message: its __str__ fails)"
    report = {
        "class": type(error).__name__,
        "message": message,
        "backtrace": [line.rstrip("\n") for line in lines],
    }
    return json.dumps({"error": report}), "".join(lines)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def publish(env):
    """Makes `digdag` importable, though there is no such file."""
    digdag = types.ModuleType("digdag")
    digdag.env = env
    sys.modules["digdag"] = digdag
    sys.modules["digdag.env"] = sys.modules["digdag_env"] = env


def read_params(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)["params"]


def main(env, command, output):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # lines show when they are printed
    try:
        run(command, env.params)
        text = env.encode()
    except BaseException as error:
        text, shown = describe(error)
        write(output, text)
        sys.stderr.write(shown)
        sys.exit(1)
    write(output, text)


def arrange_path():
    """Lets modules come from the working directory instead of this file's folder."""
    ours = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != ours]
    sys.path.append(os.getcwd())


the_env = Env()
publish(the_env)
arrange_path()

if __name__ == "__main__":
    the_env.params = read_params(sys.argv[2])
    # The task may change its working directory.
    main(the_env, sys.argv[1], os.path.abspath(sys.argv[3]))
elif __name__ == "__mp_main__":
    # A process that multiprocessing has started imports this file too.
    the_env.params = read_params(sys.argv[2])
