package cliopt

import (
	"encoding/csv"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/docker/go-connections/nat"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"github.com/heitan/heitan/runner"
)

func networkOptions() []option[Run] {
	connect := (*Run).connect
	return []option[Run]{
		{name: "network", apply: connect},
		{name: "net", apply: connect},
		list("network-alias", "", func(r *Run) *[]string { return &r.endpoint.Aliases }),
		list("net-alias", "", func(r *Run) *[]string { return &r.endpoint.Aliases }),
		address("ip", func(r *Run, ip netip.Addr) { r.addresses().IPv4Address = ip }),
		address("ip6", func(r *Run, ip netip.Addr) { r.addresses().IPv6Address = ip }),
		address("link-local-ip", func(r *Run, ip netip.Addr) {
			r.addresses().LinkLocalIPs = append(r.addresses().LinkLocalIPs, ip)
		}),
		{name: "mac-address", apply: func(r *Run, value string) error {
			mac, err := net.ParseMAC(value)
			r.endpoint.MacAddress = network.HardwareAddr(mac)
			return err
		}},
		{name: "add-host", apply: func(r *Run, value string) error {
			name, ip, ok := strings.Cut(value, "=")
			if !ok {
				name, ip, ok = strings.Cut(value, ":")
			}
			if !ok || name == "" || ip == "" {
				return fmt.Errorf("%q is not of the form NAME:ADDRESS", value)
			}
			r.Host.ExtraHosts = append(r.Host.ExtraHosts, name+":"+ip)
			return nil
		}},
		address("dns", func(r *Run, ip netip.Addr) { r.Host.DNS = append(r.Host.DNS, ip) }),
		list("dns-option", "", func(r *Run) *[]string { return &r.Host.DNSOptions }),
		list("dns-opt", "", func(r *Run) *[]string { return &r.Host.DNSOptions }),
		list("dns-search", "", func(r *Run) *[]string { return &r.Host.DNSSearch }),
		list("link", "", func(r *Run) *[]string { return &r.Host.Links }),
		{name: "publish", short: "p", apply: (*Run).publish},
		toggle("publish-all", "P", func(r *Run, on bool) { r.Host.PublishAllPorts = on }),
		{name: "expose", apply: func(r *Run, value string) error {
			ports, err := network.ParsePortRange(value)
			if err != nil {
				return err
			}
			for port := range ports.All() {
				r.expose(port)
			}
			return nil
		}},
	}
}

func address(name string, set func(*Run, netip.Addr)) option[Run] {
	return option[Run]{name: name, apply: func(r *Run, value string) error {
		ip, err := netip.ParseAddr(value)
		if err != nil {
			return fmt.Errorf("%q is not an IP address", value)
		}
		set(r, ip)
		return nil
	}}
}

func (r *Run) addresses() *network.EndpointIPAMConfig {
	if r.endpoint.IPAMConfig == nil {
		r.endpoint.IPAMConfig = &network.EndpointIPAMConfig{}
	}
	return r.endpoint.IPAMConfig
}

// connect reads NAME or name=NAME,alias=ALIAS,... and so on.
func (r *Run) connect(value string) error {
	name := value
	endpoint := &network.EndpointSettings{}
	if strings.Contains(value, "=") {
		fields, err := csv.NewReader(strings.NewReader(value)).Read()
		if err != nil {
			return fmt.Errorf("%q cannot be read: %w", value, err)
		}
		name = ""
		for _, field := range fields {
			if err := endpointField(endpoint, &name, field); err != nil {
				return err
			}
		}
	}
	if name == "" {
		return fmt.Errorf("%q names no network", value)
	}
	if r.Host.NetworkMode == "" {
		r.Host.NetworkMode = container.NetworkMode(name)
	}
	if r.Network.EndpointsConfig == nil {
		r.Network.EndpointsConfig = map[string]*network.EndpointSettings{}
	}
	r.Network.EndpointsConfig[name] = endpoint
	return nil
}

func endpointField(endpoint *network.EndpointSettings, name *string, field string) (err error) {
	key, value, _ := strings.Cut(field, "=")
	ipam := func() *network.EndpointIPAMConfig {
		if endpoint.IPAMConfig == nil {
			endpoint.IPAMConfig = &network.EndpointIPAMConfig{}
		}
		return endpoint.IPAMConfig
	}
	switch key {
	case "name":
		*name = value
	case "alias":
		endpoint.Aliases = append(endpoint.Aliases, value)
	case "ip":
		ipam().IPv4Address, err = netip.ParseAddr(value)
	case "ip6":
		ipam().IPv6Address, err = netip.ParseAddr(value)
	case "mac-address":
		var mac net.HardwareAddr
		mac, err = net.ParseMAC(value)
		endpoint.MacAddress = network.HardwareAddr(mac)
	case "driver-opt":
		option, setting, _ := strings.Cut(value, "=")
		put(&endpoint.DriverOpts, option, setting)
	default:
		err = fmt.Errorf("%q is not known about a network", key)
	}
	return err
}

// joinNetworks gives what was said about the endpoint to the first network. What
// needs no endpoint of its own is left to the network mode alone, as the docker
// command does for "host", "none" and "bridge".
func (r *Run) joinNetworks() error {
	said := r.endpoint.Aliases != nil || r.endpoint.IPAMConfig != nil || r.endpoint.MacAddress != nil
	mode := r.Host.NetworkMode
	if said && (mode == "" || !mode.IsUserDefined()) {
		return &runner.SpecError{
			Field:  RunField,
			Reason: "aliases and addresses need a network of one's own",
			Hint:   "add --network with a network that was made with \"docker network create\"",
		}
	}
	if first := r.Network.EndpointsConfig[string(mode)]; said {
		first.Aliases = append(first.Aliases, r.endpoint.Aliases...)
		if r.endpoint.IPAMConfig != nil {
			first.IPAMConfig = r.endpoint.IPAMConfig
		}
		if r.endpoint.MacAddress != nil {
			first.MacAddress = r.endpoint.MacAddress
		}
	}
	for name := range r.Network.EndpointsConfig {
		if !container.NetworkMode(name).IsUserDefined() {
			delete(r.Network.EndpointsConfig, name)
		}
	}
	return nil
}

// publish reads [IP:][HOST_PORT:]PORT[/PROTOCOL], with ranges.
func (r *Run) publish(value string) error {
	mappings, err := nat.ParsePortSpec(value)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		port, err := network.ParsePort(string(m.Port))
		if err != nil {
			return err
		}
		binding := network.PortBinding{HostPort: m.Binding.HostPort}
		if m.Binding.HostIP != "" {
			if binding.HostIP, err = netip.ParseAddr(m.Binding.HostIP); err != nil {
				return err
			}
		}
		if r.Host.PortBindings == nil {
			r.Host.PortBindings = network.PortMap{}
		}
		r.Host.PortBindings[port] = append(r.Host.PortBindings[port], binding)
		r.expose(port)
	}
	return nil
}

func (r *Run) expose(port network.Port) {
	if r.Config.ExposedPorts == nil {
		r.Config.ExposedPorts = network.PortSet{}
	}
	r.Config.ExposedPorts[port] = struct{}{}
}
