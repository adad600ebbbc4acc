package params

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// MaxJSONDepth is how deeply nested a JSON document may be to be read.
const MaxJSONDepth = 500

// Parse reads one JSON value. Numbers without fraction and exponent that fit
// become int64, all others float64. A repeated key keeps its last value.
func Parse(data []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("unexpected text after the JSON value at byte %d", d.InputOffset())
	}
	return v, nil
}

// ParseObject reads one JSON object. Empty input and null are the empty object.
func ParseObject(data []byte) (*Object, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return Empty(), nil
	}
	v, err := Parse(data)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return Empty(), nil
	case *Object:
		return v, nil
	}
	return nil, fmt.Errorf("expected a JSON object but got a %s", Kind(v))
}

// UnmarshalJSON reads an object; anything but an object or null is an error.
// It is only for decoding into an Object that nothing else uses yet.
func (o *Object) UnmarshalJSON(data []byte) error {
	parsed, err := ParseObject(data)
	if err != nil {
		return err
	}
	o.own, o.index, o.size, o.layers, o.template = parsed.own, parsed.index, parsed.size, parsed.layers, parsed.template
	return nil
}

func parseValue(d *json.Decoder, depth int) (Value, error) {
	t, err := d.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	if depth > MaxJSONDepth {
		return nil, fmt.Errorf("JSON is nested more than %d levels deep", MaxJSONDepth)
	}
	switch t := t.(type) {
	case json.Number:
		return parseNumber(t.String())
	case json.Delim:
		if t == '[' {
			return parseList(d, depth)
		}
		return parseObject(d, depth)
	default:
		return t, nil
	}
}

func parseNumber(text string) (Value, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, fmt.Errorf("number %s is out of range", text)
	}
	return f, nil
}

func parseList(d *json.Decoder, depth int) (Value, error) {
	list := List{}
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func parseObject(d *json.Decoder, depth int) (Value, error) {
	var entries []Entry
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{Key: key.(string), Value: v})
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	return New(entries...), nil
}
