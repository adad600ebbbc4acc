# Calls what an rb> task names, and writes what it leaves behind as JSON.
#
#     ruby runner.rb METHOD INPUT OUTPUT [FEATURE]
#
# INPUT holds {"params": {...}}. OUTPUT gets subtask_config, export_params,
# store_params and reset_store_params, or an error with class, message and
# backtrace. User code reaches all of that through the module Digdag. FEATURE is
# required first.
#
# Runs on Ruby 2.7 and newer.

require 'json'

module Digdag
  MAX_NESTING = 500

  # What a task is given, and what it hands on.
  class Env
    attr_accessor :params
    attr_reader :subtask_config, :export_params, :store_params, :reset_store_params, :state_params

    def initialize
      @params = {}
      @subtask_config = {}
      @export_params = {}
      @store_params = {}
      @reset_store_params = []
      @state_params = {}
      @subtasks_added = 0
    end

    # Sets params for the tasks after this one.
    def store(params)
      @store_params.merge!(params)
    end

    # Sets params for the subtasks of this task.
    def export(params)
      @export_params.merge!(params)
    end

    # Removes a stored param, such as "a" or "a.b", before new ones are stored.
    def reset_store_param(key)
      @reset_store_params << key.to_s
    end

    # Accepted, and without effect.
    def set_state(params)
      @state_params.merge!(params)
    end

    # Adds a task after this one: add_subtask(config), add_subtask(:method, params)
    # or add_subtask(Klass, :method, params).
    def add_subtask(target, *rest)
      config =
        case target
        when Hash then target.dup
        when Module
          raise ArgumentError, "add_subtask needs a class that has a name but got #{target.inspect}" unless target.name
          subtask("::#{target.name}.#{rest.shift}", rest)
        when Symbol, String then subtask(target.to_s, rest)
        else raise ArgumentError, "add_subtask takes a Hash, a method's name, or a class and a method's name but got #{target.inspect}"
        end
      begin
        generate(config)
      rescue StandardError => e
        raise ArgumentError, "Parameters must be serializable using JSON: #{e.message}"
      end
      @subtask_config["+subtask#{@subtasks_added}"] = config
      @subtasks_added += 1
    end

    # The JSON text of everything that the task hands on.
    def encode
      results = {
        subtask_config: @subtask_config,
        export_params: @export_params,
        store_params: @store_params,
        reset_store_params: @reset_store_params,
      }
      generate(results)
    rescue StandardError
      results.each { |name, params| explain_unserializable(name, params) }
      raise
    end

    private

    def generate(value)
      JSON.generate(value, max_nesting: MAX_NESTING)
    end

    def subtask(command, rest)
      raise ArgumentError, "add_subtask got too many arguments" if rest.size > 1
      (rest.first || {}).merge('rb>' => command)
    end

    def explain_unserializable(name, params)
      params.each do |key, value|
        begin
          generate(key => value)
        rescue StandardError => e
          raise ArgumentError, "'#{key}' in #{name} must be serializable using JSON: #{e.message}"
        end
      end
    end
  end

  @env = Env.new

  class << self
    attr_reader :env
  end
end

# Finds and calls what an rb> task names. It is out of the way of user code, which
# may define methods of any name at the top level.
module DigdagRunner
  CONSTANT = /\A(::)?[[:upper:]][[:word:]]*(::[[:upper:]][[:word:]]*)*\z/.freeze

  module_function

  def run(command, params)
    path, dot, name = command.rpartition('.')
    raise ArgumentError, "rb> takes method or Class.method but got '#{command}'" if name.empty?
    return run_function(name, params) if dot.empty?
    owner = constant(path)
    if owner.is_a?(Class) && owner.public_method_defined?(name)
      instance = call(constructor(owner), params, "#{owner}#initialize", owner.method(:new))
      call(instance.method(name), params, "#{owner}##{name}")
    elsif owner.respond_to?(name)
      call(owner.method(name), params, "#{owner}.#{name}")
    else
      raise ArgumentError, "undefined method '#{name}' for #{owner}#{suggestion(name, owner)}"
    end
  end

  def constant(path)
    unless path.match?(CONSTANT) && Object.const_defined?(path)
      raise ArgumentError, "uninitialized constant #{path} (does `require:` name the file that defines it?)"
    end
    Object.const_get(path)
  end

  def run_function(name, params)
    main = TOPLEVEL_BINDING.receiver
    unless main.respond_to?(name, true)
      raise ArgumentError, "undefined method '#{name}' (does `require:` name the file that defines it?)"
    end
    call(main.method(name), params, name)
  end

  def suggestion(name, owner)
    return '' unless defined?(DidYouMean::SpellChecker)
    known = owner.singleton_methods
    known += owner.public_instance_methods(false) if owner.is_a?(Class)
    near = DidYouMean::SpellChecker.new(dictionary: known).correct(name).first
    near ? " (did you mean '#{near}'?)" : ''
  end

  # The method whose parameters an object's construction takes.
  def constructor(owner)
    made = owner.method(:new)
    made.owner == Class ? owner.instance_method(:initialize) : made
  end

  # Calls a method, or what stands for it, with those params that the method names.
  def call(method, params, name, target = method)
    args, options = bind(method.parameters, params, name)
    # Before Ruby 2.7 no options are an argument, an empty Hash.
    options.empty? ? target.call(*args) : target.call(*args, **options)
  end

  def bind(parameters, params, name)
    args = []
    options = {}
    skipped = nil
    parameters.each do |kind, parameter|
      key = parameter.to_s
      given = params.key?(key)
      raise ArgumentError, "Method '#{name}' requires parameter '#{key}' but not set" if !given && (kind == :req || kind == :keyreq)
      case kind
      when :req
        args << params[key]
      when :opt
        if given && skipped
          raise ArgumentError, "Method '#{name}' cannot be given parameter '#{key}' without '#{skipped}', which stands before it"
        end
        given ? args << params[key] : skipped ||= key
      when :keyreq, :key
        options[parameter] = params[key] if given
      when :keyrest
        options.merge!(symbolize(params))
      end
    end
    [args, options]
  end

  def symbolize(hash)
    hash.each_with_object({}) do |(key, value), built|
      built[key.to_sym] = value.is_a?(Hash) ? symbolize(value) : value
    end
  end

  def report(error)
    details = { class: error.class.name, message: readable(error.message), backtrace: error.backtrace.map { |line| readable(line) } }
    JSON.generate(error: details)
  end

  # The lines of an error's backtrace that are not in this file.
  def user_lines(error)
    (error.backtrace || []).reject { |line| line.start_with?("#{__FILE__}:") }
  end

  # Text that JSON can hold, whatever bytes it has.
  def readable(text)
    text.to_s.dup.force_encoding(Encoding::UTF_8).scrub
  end

  def main(command, input, output, feature)
    $stdout.sync = true # lines show when they are printed
    output = File.expand_path(output) # the task may change its working directory
    $LOAD_PATH << Dir.pwd
    Digdag.env.params = JSON.parse(File.read(input, encoding: Encoding::UTF_8), max_nesting: Digdag::MAX_NESTING)['params']
    begin
      require feature if feature
      run(command, Digdag.env.params)
      text = Digdag.env.encode
    rescue Exception => e # SystemExit, SyntaxError and NoMemoryError too: the task's message must say why
      e.set_backtrace(user_lines(e))
      File.write(output, report(e))
      raise unless e.is_a?(SystemExit) && e.success?
      exit 1
    end
    File.write(output, text)
  end
end

DigdagRunner.main(*ARGV.values_at(0, 1, 2, 3)) if $PROGRAM_NAME == __FILE__
