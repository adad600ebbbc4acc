package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// utcOffset reads (offset, keepLocalTime, keepMinutes).
func utcOffset(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	if !given(call.Argument(0)) {
		return b.number(m.Offset())
	}
	setOffset(m, call.Argument(0), call.Argument(1).ToBoolean(), call.Argument(2).ToBoolean())
	return call.This
}

// setOffset sets an offset in minutes, in hours below 16, or in a text.
func setOffset(m *calendar.Moment, offset goja.Value, keepWall, minutes bool) {
	if !m.Valid() {
		return
	}
	n := offset.ToFloat()
	switch {
	case isText(offset):
		found, ok := calendar.OffsetFromText(offset.String())
		if !ok {
			return
		}
		n = found
	case !minutes:
		n = calendar.OffsetFromNumber(n)
	}
	m.SetOffset(n, keepWall)
}

// zone is utcOffset with the opposite sign, except of texts.
func zone(b *binding, call goja.FunctionCall) goja.Value {
	m, offset := b.this(call), call.Argument(0)
	if !given(offset) {
		return b.number(0 - m.Offset())
	}
	if !isText(offset) {
		offset = b.number(-offset.ToFloat())
	}
	setOffset(m, offset, call.Argument(1).ToBoolean(), false)
	return call.This
}

func toUTC(b *binding, call goja.FunctionCall) goja.Value {
	b.this(call).ToUTC(call.Argument(0).ToBoolean())
	return call.This
}

func toLocal(b *binding, call goja.FunctionCall) goja.Value {
	b.this(call).ToLocal(call.Argument(0).ToBoolean())
	return call.This
}

func toParsedZone(b *binding, call goja.FunctionCall) goja.Value {
	b.this(call).ToParsedOffset()
	return call.This
}

func hasAlignedHourOffset(b *binding, call goja.FunctionCall) goja.Value {
	offset := 0.0
	if call.Argument(0).ToBoolean() {
		offset = b.of(call.Argument(0)).Offset()
	}
	return b.boolean(b.this(call).HasAlignedHours(offset))
}

func isDST(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsDST())
}

func isDSTShifted(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsDSTShifted())
}

func isLocal(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsLocal())
}

func isUTCOffset(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsFixed())
}

func isUTC(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsUTC())
}

func zoneAbbr(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.this(call).ZoneAbbr())
}

func zoneName(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.this(call).ZoneName())
}
