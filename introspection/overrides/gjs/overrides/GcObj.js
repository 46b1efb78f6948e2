/* Arenas for JavaScript: scopes as functions, containers that act like its
 * own, and classes of records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* exported _init */

const {GLib, GObject} = imports.gi;

let GcObj;

/* The names of such a module are looked for each time that they are used, which costs as much as a call into
 * the library does. So what is called often is within a function, with all that it calls. */

/* Values. A container holds objects. What else JavaScript has is wrapped on the way in, and
 * is itself again on the way out. */

// What the override of GcSeq uses, too.
var pack, unpack;

function makeValues({Box, Bytes, String: GcString, Object: GcObject}) {
    const {getPrototypeOf} = Object;
    // From where it is: in other classes GJS looks for it among all their methods each time.
    const {get_arena} = GcObject.prototype;

    const toText = value => {
        // GJS would end it there.
        if (value.includes('\0'))
            throw new RangeError("Text in an arena can't contain a nul");
        return value;
    };

    const toObject = (m, value) => {
        if (value === null || value === undefined)
            return null;
        if (value instanceof GcObject)
            return value;
        switch (typeof value) {
        case 'boolean':
            return Box.new_boolean(m, value);
        case 'number':
            return Box.new_double(m, value);
        case 'bigint':
            return Box.new_int64(m, value);
        case 'string':
            return GcString.new(m, toText(value));
        }
        if (value instanceof Uint8Array)
            return Bytes.new(m, value);
        if (value instanceof GObject.Object)
            return Box.new(m, value);
        throw new TypeError(`An arena can't hold ${String(value)}`);
    };

    // The same from anywhere, for an object of the owner's arena.
    const toObjectFor = (owner, value) => {
        if (value === null || value === undefined || value instanceof GcObject)
            return value ?? null;
        return get_arena.call(owner).mutate(m => toObject(m, value));
    };

    // By prototype, which instanceof would take longer to find than a call takes.
    const [strings, bytes, boxes] = [GcString, Bytes, Box].map(Class => Class.prototype);
    const {get_text} = strings, {get_data} = bytes, {get_value} = boxes;

    const toValue = value => {
        if (value === null || typeof value !== 'object')
            return value;
        switch (getPrototypeOf(value)) {
        case strings:
            return get_text.call(value);
        case bytes:
            return get_data.call(value);
        case boxes:
            return get_value.call(value);
        }
        return value;
    };

    // What a list holds is not referenced until GJS has wrapped it: in a scope nobody collects.
    const toList = (owner, listFunction) => get_arena.call(owner).mutate(() => listFunction.call(owner).map(toValue));

    return {pack: toObject, packFor: toObjectFor, text: toText, unpack: toValue, unpackList: toList};
}

/* Constructors. GJS takes the NULL of one that failed for an object, and the script dies of it. */

function checkMutation(m) {
    if (typeof m?.is_active !== 'function')
        throw new TypeError('The first argument is a GcObj.Mutation');
    if (!m.is_active())
        throw new GLib.Error(GcObj.Error, GcObj.Error.NOT_MUTATING, 'The mutation is finished');
}

// A class with another constructor. (A Proxy is no function to GJS, see plainFunction().)
function replaceClass(name, make, namespace = GcObj) {
    const Native = namespace[name];
    const Class = function (...args) {
        return make(Native, new.target === Class, ...args);
    };

    Object.defineProperty(Class, 'name', {value: name});
    Object.setPrototypeOf(Class, Native);
    Class.prototype = Native.prototype;
    Class.prototype.constructor = Class;
    namespace[name] = Class;
}

function construct(name, make = (Class, ...args) => Class.new(...args), namespace = GcObj) {
    replaceClass(name, (Class, isOwn, ...args) => {
        if (!isOwn)
            throw new TypeError(`${name} can't be subclassed; see GcObj.record()`);
        checkMutation(args[0]);
        return make(Class, ...args);
    }, namespace);
}

// GJS does not survive a type that GObject refuses to derive.
function forbidSubclasses(names, namespace = GcObj) {
    for (const name of names) {
        namespace[name]._classInit = () => {
            throw new TypeError(`${name} can't be subclassed`);
        };
        // GJS's own, which it inherits, does not survive what is no GType.
        if (!Object.prototype.hasOwnProperty.call(namespace[name], 'new')) {
            namespace[name].new = () => {
                throw new TypeError(`${name} has no constructor`);
            };
        }
    }
}

// A method of GJS's own can be assigned to, and not defined anew.
function define(name, members, namespace = GcObj) {
    const {prototype} = namespace[name];

    for (const key of Reflect.ownKeys(members)) {
        const property = Object.getOwnPropertyDescriptor(members, key);
        if ('value' in property)
            prototype[key] = property.value;
        else
            Object.defineProperty(prototype, key, property);
    }
}

// A property that methods of the library read and write, with no function of JavaScript's between.
function defineProperty(name, key, get, set = undefined) {
    Object.defineProperty(GcObj[name].prototype, key, {configurable: true, get, set});
}

// GJS before 1.80 aborts when it is to call what is callable and no function: a Proxy, a bound function.
function plainFunction(func) {
    return typeof func === 'function' ? (...args) => func(...args) : func;
}

// The same method, for any function.
function acceptFunctions(name, methods, namespace = GcObj) {
    for (const key of methods) {
        const method = namespace[name].prototype[key];
        define(name, {
            [key](...args) {
                return method.apply(this, args.map(plainFunction));
            },
        }, namespace);
    }
}

function overrideArena() {
    const {begin, get_root, set_root} = GcObj.Arena.prototype;
    const {leave} = GcObj.Mutation.prototype;

    // GObject's own can't be set to null.
    defineProperty('Arena', 'root', get_root, set_root);
    define('Arena', {
        // The library's own does not nest in GJS, which keeps one closure for a function.
        mutate(func, ...args) {
            const m = begin.call(this);
            try {
                return func(m, ...args);
            } finally {
                leave.call(m);
            }
        },
    });
}

function overrideArray({pack, packFor, unpack}) {
    const {get, at, get_length, set_length, set, append, insert, pop, list_range, get_n_changes} =
        GcObj.Array.prototype;
    const {get_arena} = GcObj.Object.prototype;
    const {abs, min} = Math, {isSafeInteger, MAX_SAFE_INTEGER} = Number, {Error: GError} = GLib;
    // How many elements are given one by one before they come in chunks; how long these are, at first and at most.
    const N_ALONE = 8, FIRST_CHUNK = 8, CHUNK = 32;

    // Elements as they are. What a list holds is not referenced until GJS has wrapped it: in a scope nobody collects.
    const listObjects = (array, index, most) => {
        const arena = get_arena.call(array);
        if (arena.can_begin())
            return arena.mutate(() => list_range.call(array, index, most));
        // In a hook, where there are no scopes, one by one.
        list_range.call(array, index, 0);
        const n = min(most, get_length.call(array) - index);
        return Array.from({length: n}, (_, i) => get.call(array, index + i));
    };

    // The next elements, and after how many changes: first how many, since another thread may change it in between.
    const listChunk = (array, index, n) => {
        const nChanges = get_n_changes.call(array);
        try {
            return [listObjects(array, index, n), nChanges];
        } catch (e) {
            if (index < get_length.call(array))
                throw e;
            return [[], nChanges];      // it has become shorter
        }
    };

    defineProperty('Array', 'length', get_length, set_length);
    define('Array', {
        get(index) {
            return unpack(get.call(this, index));
        },
        set(index, value) {
            set.call(this, index, packFor(this, value));
        },
        at(index = 0) {
            // GJS takes infinity for 0.
            if (abs(index) > MAX_SAFE_INTEGER)
                return undefined;
            try {
                // With a result that tells whether it is there, of which GJS does not know that nobody wants it.
                return unpack(at.call(this, index)[1]);
            } catch (e) {
                if (e instanceof GError)
                    return undefined;   // beyond an end
                throw e;
            }
        },
        append(value) {
            append.call(this, packFor(this, value));
        },
        push(...values) {
            for (const value of values)
                this.append(value);
            return this.length;
        },
        insert(index, value) {
            insert.call(this, index, packFor(this, value));
        },
        pop() {
            return unpack(pop.call(this));
        },
        list() {
            return listObjects(this, 0, get_length.call(this)).map(unpack);
        },
        // When GJS can't convert an argument, it frees the list that it never got.
        list_range(index, most) {
            if (!(isSafeInteger(index) && isSafeInteger(most) && index >= 0 && most >= 0))
                throw new TypeError('An index and a number of elements are integers from 0 on');
            return listObjects(this, index, most).map(unpack);
        },
        includes(value) {
            return value instanceof GcObj.Object ? this.contains(value) : [...this].includes(value);
        },
        // As of an Array: what comes is what is there by then, and the length is asked for when so many have come. Many
        // elements at once cost less, but whatever the program does meanwhile may change the array: it is asked.
        *[Symbol.iterator]() {
            let nAlone = N_ALONE, patience = N_ALONE, size = FIRST_CHUNK;
            for (let i = 0, n = 0; i < n || i < (n = get_length.call(this));) {
                if (nAlone === 0 && n - i >= FIRST_CHUNK) {
                    const [chunk, nChanges] = listChunk(this, i, size);
                    if (chunk.length === 0)
                        return;
                    let given = 0;
                    for (; given < chunk.length && get_n_changes.call(this) === nChanges; given++, i++)
                        yield unpack(chunk[given]);
                    size = min(size * 2, CHUNK);
                    if (given < chunk.length) {
                        // What is changed all the time is better asked for each.
                        patience *= 2;
                        [nAlone, size] = [patience, FIRST_CHUNK];
                    }
                    continue;
                }
                let value;
                try {
                    value = get.call(this, i);
                } catch (e) {
                    if (i < get_length.call(this))
                        throw e;
                    return;             // it has become shorter
                }
                i++;
                if (nAlone > 0)
                    nAlone--;
                yield unpack(value);
            }
        },
    });

    construct('Array');
    GcObj.Array.from = (m, values) => {
        const array = new GcObj.Array(m);
        for (const value of values)
            array.append(pack(m, value));
        return array;
    };
}

function overrideTable({packFor, text, unpack, unpackList}) {
    const {get_arena} = GcObj.Object.prototype;

    function checkKey(key) {
        if (typeof key !== 'string' && !(key instanceof GcObj.Object))
            throw new TypeError('A key is a string or an object of the arena');
        return typeof key === 'string' && text(key) === key;
    }

    defineProperty('Table', 'size', GcObj.Table.prototype.get_size);
    define('Table', {
        has(key) {
            return checkKey(key) ? this.contains_string(key) : this.contains(key);
        },
        get(key) {
            const value = checkKey(key) ? this.lookup_string(key) : this.lookup(key);
            return value === null && !this.has(key) ? undefined : unpack(value);
        },
        set(key, value) {
            if (checkKey(key))
                this.insert_string(key, packFor(this, value));
            else
                this.insert(key, packFor(this, value));
            return this;
        },
        delete(key) {
            return checkKey(key) ? this.remove_string(key) : this.remove(key);
        },
        keys() {
            return unpackList(this, this.list_keys)[Symbol.iterator]();
        },
        values() {
            return unpackList(this, this.list_values)[Symbol.iterator]();
        },
        entries() {
            // No entry of a weak table goes in a scope.
            return get_arena.call(this).mutate(() => {
                const values = this.list_values();
                return this.list_keys().map((key, i) => [unpack(key), unpack(values[i])]);
            })[Symbol.iterator]();
        },
        [Symbol.iterator]() {
            return this.entries();
        },
        // As for mutate().
        foreach(func) {
            for (const [key, value] of this)
                func(key, value);
        },
    });

    construct('Table', (Class, m, flags = GcObj.TableFlags.STRONG) => Class.new(m, flags));
    GcObj.Table.from = (m, entries, flags) => {
        const table = new GcObj.Table(m, flags);
        for (const [key, value] of entries)
            table.set(key, value);
        return table;
    };
}

/* Records. A wrapper is of the nearest class that GJS knows, which is GcObj.Record for all of
 * them: that has the attributes of all types. */

function fieldType(name, field, type) {
    switch (type) {
    case name:
        return GObject.TYPE_NONE;       // the type that is being registered
    case String:
        return GObject.TYPE_STRING;
    case Number:
        return GObject.TYPE_DOUBLE;
    case Boolean:
        return GObject.TYPE_BOOLEAN;
    case BigInt:
        return GObject.TYPE_INT64;
    case Uint8Array:
        return GcObj.Bytes.$gtype;
    case Object:
        return GcObj.Object.$gtype;
    }
    if (type?.$gtype)
        return type.$gtype;
    if (typeof type === 'object' && type?.name)
        return type;                    // a GType
    throw new TypeError(`${name}.${field}: a field can't be of type ${String(type)}`);
}

// How a field of a type is read and written: the library's methods and what they call a field (a number if
// they can, which GJS need not copy), what is made of a value before, and after.
function makeKinds({packFor, text, unpack}) {
    const {prototype} = GcObj.Record;

    function kind(type, accepts, pack = null) {
        return {type, read: prototype[`id_get_${type}`], write: prototype[`id_set_${type}`],
            keyOf: GLib.quark_from_string, accepts, pack, unpack: null};
    }

    const kinds = {
        gchararray: kind('string', value => value === null || typeof value === 'string',
            (record, value) => value === null ? null : text(value)),
        gboolean: kind('boolean', value => typeof value === 'boolean'),
        gdouble: kind('double', value => typeof value === 'number'),
        gint64: kind('int64', value => typeof value === 'bigint' || typeof value === 'number'),
    };
    const objects = {...kind('object', () => true, packFor), unpack};
    const others = {type: 'value', read: prototype.get_value, write: prototype.set_value, keyOf: name => name,
        accepts: () => true, pack: (record, value) => value ?? null, unpack: ([, value]) => value};

    return gtype => kinds[gtype.name] ?? (GObject.type_is_a(gtype, GcObj.Object.$gtype) ? objects : others);
}

let kindOf;

// By asking the record: fields of one name may have different types.
function getField(record, name) {
    const gtype = record.get_field_type(name);
    if (gtype === null || gtype.name === 'void')
        return undefined;
    const {read, keyOf, unpack: convert} = kindOf(gtype);
    const value = read.call(record, keyOf(name));
    return convert === null ? value : convert(value);
}

function setField(record, name, value) {
    const gtype = record.get_field_type(name);
    if (!gtype?.name || gtype.name === 'void')
        throw new GLib.Error(GcObj.Error, GcObj.Error.NAME, `There is no field '${name}'`);
    const {type, write, keyOf, accepts, pack: convert} = kindOf(gtype);
    if (!accepts(value))
        throw new TypeError(`The field '${name}' is a ${type}, and the value is ${String(value)}`);
    write.call(record, keyOf(name), convert === null ? value : convert(record, value));
}

// The same function of the global scope, for which the engine makes quicker code than for one of such a module.
const globally = func => new Function(`return ${func}`)();

const makeGetter = globally(({read, unpack: convert}, key, ask) => convert === null ? function () {
    try {
        return read.call(this, key);
    } catch {
        return ask.call(this);
    }
} : function () {
    try {
        return convert(read.call(this, key));
    } catch {
        return ask.call(this);
    }
});

const makeSetter = globally(({write, accepts, pack: convert}, key, tell) => function (value) {
    try {
        if (accepts(value)) {
            write.call(this, key, convert === null ? value : convert(this, value));
            return;
        }
    } catch {
    }
    tell.call(this, value);
});

// The types that fields of a name have.
const typesOf = new Map();

function defineField(name, gtype) {
    const {prototype} = GcObj.Record;
    const types = typesOf.get(name) ?? new Set();
    types.add(gtype.name);
    if (!typesOf.has(name) && Object.prototype.hasOwnProperty.call(prototype, name))
        return;                         // a method
    typesOf.set(name, types);

    let get = function () {
        return getField(this, name);
    };
    let set = function (value) {
        setField(this, name, value);
    };
    // While there is one, the record need not be asked; what it refuses it is asked about.
    if (types.size === 1) {
        const kind = kindOf(gtype), key = kind.keyOf(name);
        [get, set] = [makeGetter(kind, key, get), makeSetter(kind, key, set)];
    }
    Object.defineProperty(prototype, name, {configurable: true, get, set});
}

/* Names of GTypes are the process's, so that they begin with the script's. */
function typeName(name) {
    const [, script] = /([^/@\s]+?)(?:\.m?js)?:\d+/.exec(new Error().stack.split('\n')[2]) ?? [];

    return `Gjs_${script}_${name}`.replace(/[^A-Za-z0-9_]/g, c => `-${c.codePointAt(0).toString(16)}`);
}

function record(name, fields, parent = GcObj.Record) {
    const names = Object.keys(fields);
    const gtype = GcObj.Record.type_register(typeName(name), parent.$gtype, names,
        names.map(field => fieldType(name, field, fields[field])));
    for (const field of names)
        defineField(field, GcObj.Record.type_get_field_type(gtype, field));

    const Class = class {
        constructor(m, values = {}) {
            if (new.target !== Class)
                throw new TypeError(`${name} can't be subclassed: give it to GcObj.record() as the parent`);
            checkMutation(m);
            const self = GcObj.Record.new(m, gtype);
            for (const [field, value] of Object.entries(values))
                setField(self, field, value);
            return self;
        }

        static [Symbol.hasInstance](object) {
            return object instanceof GcObj.Record && GObject.type_is_a(object.get_record_type(), gtype);
        }
    };
    Object.defineProperty(Class, 'name', {value: name});
    Object.defineProperty(Class, '$gtype', {value: gtype});
    return Class;
}

// GJS frees a result that no call gave when it can't make a GType of the argument.
function overrideTypes() {
    const {Record} = GcObj;
    const {type_list_fields: listFields} = Record;

    Record.type_list_fields = (type, ...rest) => {
        const gtype = type?.$gtype ?? type;
        if (typeof gtype !== 'object' || typeof gtype?.name !== 'string')
            throw new TypeError('A type of records is wanted');
        return listFields(gtype, ...rest);
    };
}

function _init() {
    GcObj = this;
    const values = makeValues(this);
    ({pack, unpack} = values);
    kindOf = makeKinds(values);

    overrideTypes();
    overrideArena();
    define('String', {
        toString() {
            return this.get_text();
        },
    });
    defineProperty('Box', 'value', GcObj.Box.prototype.get_value);
    overrideArray(values);
    overrideTable(values);
    construct('Record', () => {
        throw new TypeError('GcObj.record() makes classes of records');
    });
    construct('String', (Class, m, value) => Class.new(m, values.text(value)));
    // Its memory stays when a hook keeps an event that it was given; that of GJS's own does not.
    replaceClass('Event', (Class, isOwn, ...args) => {
        if (!isOwn)
            throw new TypeError("Event can't be subclassed");
        return new Class(...args).copy();
    });
    acceptFunctions('Arena', ['write_snapshot_async']);
    acceptFunctions('Guardian', ['set_callback']);
    ['Box', 'Bytes', 'DeathQueue', 'Guardian', 'Peer', 'RootSet', 'WeakRef'].forEach(name => construct(name));
    forbidSubclasses(['Arena', 'Handle', 'ListModel', 'ListenerChain', 'TraceFile', 'TypeCount']);
    GcObj.record = record;
}
